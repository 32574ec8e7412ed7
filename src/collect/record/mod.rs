//! Records that stand alone: a file that describes a release is read in place of the release, and all in it is declared.

pub mod croissant;
pub mod cyclonedx;
