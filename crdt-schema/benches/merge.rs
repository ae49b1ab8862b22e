//! What merging a rewrite of a long text costs.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use crdt_schema::merge::{ByPeople, merge};
use criterion::{Criterion, criterion_group, criterion_main};

/// Bytes of the text that is rewritten.
const TEXT_BYTES: usize = 70_000;

fn rewrites(criterion: &mut Criterion) {
    let base = text();
    let current = base.replace("what they say", "what they tell you");
    let whole = 0..u32::try_from(current.len()).expect("short");
    let by_people = ByPeople {
        touched: &[],
        wrote: std::slice::from_ref(&whole),
    };
    for (name, wanted) in [
        ("one word", base.replacen("chapter 300", "section 300", 1)),
        ("a word of each paragraph", base.replace("Ask", "Consult")),
        ("every second word", every_second_word(&base)),
    ] {
        criterion.bench_function(&format!("merge 70 KB, rewritten: {name}"), |bencher| {
            bencher.iter(|| merge(black_box(&base), &current, &wanted, &by_people));
        });
    }
}

fn text() -> String {
    (0..)
        .map(|n| {
            format!(
                "In chapter {n}: Ask those who did it before {n} times, then write down *what they say*.\n\n"
            )
        })
        .scan(0, |bytes, paragraph| {
            *bytes += paragraph.len();
            (*bytes <= TEXT_BYTES).then_some(paragraph)
        })
        .collect()
}

fn every_second_word(text: &str) -> String {
    text.split_inclusive(' ')
        .enumerate()
        .map(|(n, word)| {
            if n % 2 == 0 {
                word.to_owned()
            } else {
                format!("{}{word}", n % 97)
            }
        })
        .collect()
}

criterion_group!(benches, rewrites);
criterion_main!(benches);
