// Added by the preview to every page it serves; no part of the site. Follows the news of the build:
// reloads the page when there is a new edition, shows what went wrong and what takes its time.

(() => {
  "use strict";

  const EDITION = document.currentScript.dataset.edition;
  const MISSING = document.body.classList.contains("preview-page");
  let source = null;
  let fault = null;
  let busy = null;
  let going = "";

  function element(tag, className, ...content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    made.append(...content);
    return made;
  }

  // A modal dialog: above all else, closed by Escape, and the focus returns to where it was.
  const title = element("h2", "");
  title.id = "preview-fault-title";
  const place = element("p", "preview-place");
  const message = element("pre", "");
  message.tabIndex = 0; // long lines are scrolled by keyboard, too
  const below = MISSING ? "" : "The page below is the last good one. ";
  const close = element("button", "", "Close");
  close.type = "button";
  const alert = element("div", "", title, place, message);
  alert.setAttribute("role", "alert");
  const dialog = element(
    "dialog", "preview preview-fault", alert,
    element("p", "preview-foot", `${below}This goes away when the error is mended.`), close,
  );
  dialog.setAttribute("aria-labelledby", title.id);
  close.addEventListener("click", () => dialog.close());

  // A line in the corner: what goes on, or the way back to an error that was closed.
  const words = element("span", "");
  const again = element("button", "", "Show the error");
  again.type = "button";
  const notice = element("div", "preview preview-notice", words, again);
  notice.setAttribute("role", "status");
  again.addEventListener("click", () => {
    open();
    showNotice(going);
  });
  document.body.append(notice, dialog);
  dialog.addEventListener("close", () => showNotice(going));

  function showNotice(text) {
    going = text;
    again.hidden = !fault || dialog.open;
    words.textContent = text || (again.hidden ? "" : fault.title);
    notice.hidden = !words.textContent;
  }

  function open() {
    if (!dialog.open) dialog.showModal();
    close.focus();
  }

  function showFault(next) {
    if (JSON.stringify(next) === JSON.stringify(fault)) return; // a closed one stays closed
    fault = next;
    if (!fault) {
      dialog.close();
      return;
    }
    title.textContent = fault.title;
    place.textContent = fault.place;
    place.hidden = !fault.place;
    message.textContent = fault.message;
    open();
  }

  function hear(event) {
    const news = JSON.parse(event.data);
    const ended = busy && !news.busy;
    busy = news.busy;
    // A page that was missing may be there once the build has ended, as the PDF is.
    if (news.edition !== EDITION || (MISSING && ended)) {
      source.close();
      location.reload();
      return;
    }
    showFault(news.fault);
    showNotice(news.notice);
  }

  // A browser opens few connections to one server: a page that nobody sees gives its own back.
  // When it is seen again, the first news tells whether there is a new edition.
  function follow() {
    if (source) source.close();
    source = null;
    if (document.hidden) return;
    source = new EventSource("/_preview/news");
    source.addEventListener("message", hear);
  }

  showNotice("");
  follow();
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", () => source && source.close());
  addEventListener("pageshow", (event) => event.persisted && follow());
})();
