//! When an agent should ask a person, and how healthy handoffs are.
