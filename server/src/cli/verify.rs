//! `penhold verify`.

use anyhow::bail;

use super::{say, serve::open_store};
use crate::{
    auth::Authority,
    chain,
    config::Config,
    store::{Damage, Store, StoreError},
};

/// Names everything damaged, and records that do not follow from those before; fails if there is
/// any.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    if !config.data.is_dir() {
        bail!("there is no data directory {}", config.data.display());
    }
    let store = open_store(&config)?;
    let checked = check(&*store).await;
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

async fn check(store: &dyn Store) -> Result<Vec<Damage>, StoreError> {
    let mut found = store.verify().await?;
    // A block that cannot be read has stopped the database by now, and is named.
    match chain::check_all(store).await {
        Ok(broken) => found.extend(broken),
        Err(error) if found.is_empty() => return Err(error),
        Err(_) => {}
    }
    Ok(found)
}
