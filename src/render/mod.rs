//! A report becomes bytes. A renderer sees the report alone, and never the release.

pub mod files;
pub mod json;
pub mod table;
