//! Fair turns: members take turns, so that one member's burst never starves another.

use std::collections::VecDeque;

use crdt_schema::ids::MemberId;

/// A queue per member, served round-robin. Bounded by the sessions' credit, not here.
#[derive(Debug)]
pub(super) struct Turns<T> {
    waiting: VecDeque<(MemberId, VecDeque<T>)>,
}

impl<T> Default for Turns<T> {
    fn default() -> Self {
        Self {
            waiting: VecDeque::new(),
        }
    }
}

impl<T> Turns<T> {
    /// Adds `item` behind the member's others.
    pub(super) fn push(&mut self, member: &MemberId, item: T) {
        if let Some((_, queue)) = self.waiting.iter_mut().find(|(id, _)| id == member) {
            queue.push_back(item);
        } else {
            self.waiting
                .push_back((member.clone(), VecDeque::from([item])));
        }
    }

    /// The next item of the member whose turn it is.
    pub(super) fn pop(&mut self) -> Option<T> {
        let (member, mut queue) = self.waiting.pop_front()?;
        let item = queue.pop_front();
        if !queue.is_empty() {
            self.waiting.push_back((member, queue));
        }
        item
    }

    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syn8_a_burst_waits_for_the_others_turn() {
        let (agent, person): (MemberId, MemberId) =
            ("agent".parse().unwrap(), "mara".parse().unwrap());
        let mut turns = Turns::default();
        for n in 0..100 {
            turns.push(&agent, n);
        }
        turns.push(&person, 1000);
        assert_eq!(
            [turns.pop(), turns.pop(), turns.pop()],
            [Some(0), Some(1000), Some(1)]
        );
    }
}
