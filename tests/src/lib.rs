//! What the tests of Penhold through its public doors share.

pub mod faulty_store;
