//! The Python package and the examples that use it, as people install and run them, against the
//! real binary. The tests themselves are in `tests/python`.

#![allow(missing_docs, reason = "a test's title says what it holds")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::PathBuf;

use penhold_tests::binary;
use tokio::process::Command;

#[tokio::test]
async fn agt9_agt10_the_python_package_and_its_examples_keep_their_promises() {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("python");
    let output = Command::new(here.join(".venv/bin/python"))
        .args(["-m", "pytest"])
        .current_dir(&here)
        .env("PENHOLD_BINARY", binary::binary().unwrap())
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
}
