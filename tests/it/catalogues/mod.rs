//! Records of other catalogues, read in place of a release.

mod corpus;
mod eu_index;
mod mot;
