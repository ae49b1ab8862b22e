//! `penhold verify`.

use anyhow::bail;

use super::{say, serve::open_store};
use crate::{auth::Authority, config::Config};

/// Names every damaged record; fails if there is one.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    if !config.data.is_dir() {
        bail!("there is no data directory {}", config.data.display());
    }
    let store = open_store(&config)?;
    let checked = store.verify().await;
    store.close().await?;
    let damaged = checked?;
    for damage in &damaged {
        say(format_args!("{}: {}", damage.record, damage.problem))?;
    }
    Authority::open(&config.data)?;
    match damaged.len() {
        0 => Ok(say("every record is sound")?),
        1 => bail!("1 record is damaged"),
        count => bail!("{count} records are damaged"),
    }
}
