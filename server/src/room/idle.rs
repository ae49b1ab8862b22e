//! Rooms that nobody is in, kept for a while within a budget of bytes.

use std::collections::VecDeque;

use crdt_schema::ids::WorkspaceId;

/// Idle rooms, the longest idle first.
#[derive(Debug, Default)]
pub(super) struct IdleRooms {
    rooms: VecDeque<(WorkspaceId, usize)>,
    bytes: usize,
}

impl IdleRooms {
    /// Adds a room that holds about `bytes`; returns the rooms that must go to keep all idle
    /// rooms together within `bytes_max`.
    pub(super) fn add(
        &mut self,
        ws: WorkspaceId,
        bytes: usize,
        bytes_max: usize,
    ) -> Vec<WorkspaceId> {
        self.remove(&ws);
        self.bytes += bytes;
        self.rooms.push_back((ws, bytes));
        let mut evicted = Vec::new();
        while self.bytes > bytes_max
            && let Some((ws, bytes)) = self.rooms.pop_front()
        {
            self.bytes -= bytes;
            evicted.push(ws);
        }
        evicted
    }

    /// Takes out a room that is used again or has ended.
    pub(super) fn remove(&mut self, ws: &WorkspaceId) {
        if let Some(at) = self.rooms.iter().position(|(idle, _)| idle == ws)
            && let Some((_, bytes)) = self.rooms.remove(at)
        {
            self.bytes -= bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ws(name: &str) -> WorkspaceId {
        name.parse().unwrap()
    }

    #[test]
    fn syn9_the_longest_idle_rooms_go_first_when_the_budget_is_used_up() {
        let mut idle = IdleRooms::default();
        assert!(idle.add(ws("a"), 40, 100).is_empty());
        assert!(idle.add(ws("b"), 40, 100).is_empty());
        idle.remove(&ws("a"));
        assert!(idle.add(ws("a"), 40, 100).is_empty());
        assert_eq!(idle.add(ws("c"), 40, 100), [ws("b")]);
    }
}
