// Runs before the page is drawn: the faces that stand in the style sheet are unpacked before the first
// text asks for them. A face that came after its text would make the text jump.

for (const face of document.fonts)
  if (face.display === "block") face.load().catch(() => {}); // the next family then serves
