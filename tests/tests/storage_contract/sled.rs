//! What only a store on disk can be asked.
