//! Recorded markets as Parquet tapes.
