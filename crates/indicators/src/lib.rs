//! Running indicators, O(1) an update, and bars.
