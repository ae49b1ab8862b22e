//! Checks that several commands share.

use serde_json::Value;

use super::Context;
use crate::{
    ids::MemberId,
    item::Item,
    member::{Kind, Role},
    ownership::{
        limits::{
            ACTION_BYTES_MAX, ACTION_DEPTH_MAX, HOLDINGS_MAX, NOTE_CHARS_MAX, TITLE_CHARS_MAX,
            WAIT_MS_MAX,
        },
        parts::Action,
        refusal::Refusal,
        state::State,
    },
};

pub(super) type Checked = Result<(), Refusal>;

impl Context<'_> {
    pub(super) fn needs(&self, role: Role) -> Checked {
        if self.by.role >= role {
            Ok(())
        } else {
            Err(Refusal::Role { needs: role })
        }
    }

    pub(super) fn needs_person(&self, what: &'static str) -> Checked {
        match self.by.kind {
            Kind::Human => Ok(()),
            Kind::Agent => Err(Refusal::PeopleOnly { what }),
        }
    }

    pub(super) fn needs_item(&self, item: &Item) -> Checked {
        if self.facts.item_exists {
            Ok(())
        } else {
            Err(Refusal::NoSuchItem { item: item.clone() })
        }
    }

    pub(super) fn is_admin_person(&self) -> bool {
        self.by.kind == Kind::Human && self.by.role == Role::Admin
    }
}

impl State {
    /// Refuses an epoch that is not the item's.
    pub(super) fn check_epoch(&self, item: &Item, epoch: u64) -> Checked {
        let found = self.epoch(item);
        if found == epoch {
            return Ok(());
        }
        let owner = self.effective(item).owner.clone();
        Err(Refusal::Stale {
            item: item.clone(),
            owner_name: self.owner_name(&owner),
            owner,
            epoch: found,
        })
    }

    pub(super) fn not_owner(&self, item: &Item) -> Refusal {
        let owner = self.effective(item).owner.clone();
        Refusal::NotOwner {
            item: item.clone(),
            owner_name: self.owner_name(&owner),
            owner,
            epoch: self.epoch(item),
        }
    }

    pub(super) fn already_held(&self, item: &Item) -> Refusal {
        Refusal::AlreadyHeld {
            item: item.clone(),
            owner_name: self.owner_name(&self.effective(item).owner),
        }
    }

    /// Refuses who neither holds the item nor is an admin.
    pub(super) fn check_owner(&self, cx: &Context<'_>, item: &Item) -> Checked {
        let is_own = self.effective(item).owner.member() == Some(&cx.by.id);
        if is_own || cx.is_admin_person() {
            Ok(())
        } else {
            Err(self.not_owner(item))
        }
    }

    /// Refuses one more item with an owner of its own when there are too many.
    pub(super) fn check_room(&self, item: &Item) -> Checked {
        if self.held.contains_key(item) || self.held.len() < HOLDINGS_MAX {
            return Ok(());
        }
        Err(Refusal::Limit {
            limit: "items with an owner of their own",
            max: HOLDINGS_MAX,
        })
    }

    pub(super) fn not_yours(&self, owner: Option<&MemberId>, what: &'static str) -> Refusal {
        let name = owner.map_or_else(|| "nobody".to_owned(), |id| self.name(id));
        Refusal::NotYours { name, what }
    }
}

/// A text that must say something.
pub(super) fn note(field: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() {
        return Err(invalid(field, format!("1 to {NOTE_CHARS_MAX} characters")));
    }
    remark(field, text)
}

/// A text that may be empty.
pub(super) fn remark(field: &'static str, text: &str) -> Checked {
    at_most(field, text, NOTE_CHARS_MAX)
}

/// One line that must say something.
pub(super) fn title(field: &'static str, text: &str) -> Checked {
    if text.trim().is_empty() || text.contains(['\n', '\r']) {
        let expected = format!("one line of 1 to {TITLE_CHARS_MAX} characters");
        return Err(invalid(field, expected));
    }
    at_most(field, text, TITLE_CHARS_MAX)
}

/// A share from 0 to 1.
pub(super) fn fraction(field: &'static str, number: f64) -> Checked {
    if (0.0..=1.0).contains(&number) {
        Ok(())
    } else {
        Err(invalid(field, "a number from 0 to 1".to_owned()))
    }
}

/// A time to wait, in milliseconds.
pub(super) fn wait(field: &'static str, ms: u64) -> Checked {
    if (1..=WAIT_MS_MAX).contains(&ms) {
        Ok(())
    } else {
        Err(invalid(field, format!("1 to {WAIT_MS_MAX} milliseconds")))
    }
}

pub(super) fn action(action: &Action) -> Checked {
    title("action.kind", &action.kind)?;
    let bytes = serde_json::to_vec(action).map_or(usize::MAX, |json| json.len());
    if bytes > ACTION_BYTES_MAX {
        let expected = format!("at most {ACTION_BYTES_MAX} bytes of JSON, not {bytes}");
        return Err(invalid("action", expected));
    }
    if !nests_at_most(&action.arguments, ACTION_DEPTH_MAX) {
        let expected = format!("nested at most {ACTION_DEPTH_MAX} deep");
        return Err(invalid("action.arguments", expected));
    }
    Ok(())
}

fn nests_at_most(value: &Value, depth: usize) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        Value::Array(_) | Value::Object(_) if depth == 0 => false,
        Value::Array(items) => items.iter().all(|item| nests_at_most(item, depth - 1)),
        Value::Object(fields) => fields.values().all(|item| nests_at_most(item, depth - 1)),
    }
}

pub(super) fn at_most_items(limit: &'static str, found: usize, max: usize) -> Checked {
    if found <= max {
        Ok(())
    } else {
        Err(Refusal::Limit { limit, max })
    }
}

pub(super) fn invalid(field: &'static str, expected: String) -> Refusal {
    Refusal::Invalid { field, expected }
}

fn at_most(field: &'static str, text: &str, max: usize) -> Checked {
    // A character has at least one byte, so most texts need not be counted.
    if text.len() > max && text.chars().count() > max {
        return Err(invalid(field, format!("at most {max} characters")));
    }
    Ok(())
}
