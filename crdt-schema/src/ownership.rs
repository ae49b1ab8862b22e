//! Who holds the pen: a state machine from commands to events to state.
