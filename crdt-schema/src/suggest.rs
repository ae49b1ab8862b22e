//! Suggestions: made, accepted, rejected, gone stale.
