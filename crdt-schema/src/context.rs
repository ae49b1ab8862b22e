//! What a receiver needs to know, within a budget.
