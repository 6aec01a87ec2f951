"""The page of the laboratory: networks drawn in the browser, with trained runs beside them."""
