//! Rebuilds a release when the page that it embeds changes or first appears. Other profiles read
//! the page from disk while they run.

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    if std::env::var("PROFILE").as_deref() == Ok("release") {
        println!("cargo::rerun-if-changed=../client-web/dist");
    }
}
