//! A report becomes bytes. A renderer sees the report alone, and never the release.

pub mod json;
pub mod table;
