//! The tick engine: books, indicators, paper fills and the frame a controller reads.
