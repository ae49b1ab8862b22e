//! Who may write where, by who holds the pen. Roles are checked first, and by the gate again.

use super::{owner::Owner, state::State, views::Pen, words::AgentWrites};
use crate::{
    ids::MemberId,
    item::Item,
    member::{Kind, Role},
};

impl State {
    /// How a member may write into `item`: people as their role allows, agents where they hold
    /// the pen or nobody does.
    #[must_use]
    pub fn pen(&self, member: &MemberId, kind: Kind, role: Role, item: &Item) -> Pen {
        match role {
            Role::Viewer => refuse("a viewer reads only".to_owned()),
            Role::Reviewer => suggest("a reviewer suggests".to_owned()),
            Role::Editor | Role::Admin => match kind {
                Kind::Human => Pen::Direct,
                Kind::Agent => self.agents_pen(member, item),
            },
        }
    }

    fn agents_pen(&self, member: &MemberId, item: &Item) -> Pen {
        let held = self.effective(item);
        let is_own = held.owner.member() == Some(member);
        match (&held.owner, &held.gate) {
            (Owner::Member(_), Some(gate)) if is_own => suggest(format!(
                "{item} came back to you: acknowledge {} decision(s) and read up to {} first",
                gate.decisions.len(),
                gate.cursor
            )),
            (Owner::Nobody, _) => Pen::Direct,
            (Owner::Member(_), _) if is_own => Pen::Direct,
            (Owner::Member(_) | Owner::Queue(_), _) => {
                let why = format!("{} holds {item}", self.owner_name(&held.owner));
                match self.policy.agent_writes {
                    AgentWrites::Suggest => suggest(why),
                    AgentWrites::Merge => Pen::Direct,
                    AgentWrites::Refuse => refuse(why),
                }
            }
        }
    }
}

fn suggest(why: String) -> Pen {
    Pen::Suggest { why }
}

fn refuse(why: String) -> Pen {
    Pen::Refuse { why }
}
