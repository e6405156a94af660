//! Order books that stay exact far from the touch.
