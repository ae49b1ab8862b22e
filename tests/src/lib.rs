//! What the tests of Penhold through its public doors share.

pub mod binary;
pub mod driven;
pub mod faulty_store;
