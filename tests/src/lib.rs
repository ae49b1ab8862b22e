//! What the tests of Penhold through its public doors share.

pub mod binary;
pub mod client;
pub mod damaged_store;
pub mod driven;
pub mod faulty_store;
pub mod guest;
pub mod harness;
pub mod tls;
