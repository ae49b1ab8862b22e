//! What reading a workspace costs, and what making room between two order keys does.

#![allow(missing_docs, reason = "criterion's macros make undocumented items")]

use std::hint::black_box;

use crdt_schema::{
    content::{self, InitialContent},
    document::new_doc,
    markdown, order, project,
};
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use rand::{SeedableRng as _, rngs::StdRng};
use serde_json::json;
use yrs::{Doc, Transact as _};

/// Steps of the plan that is read.
const STEPS: usize = 100;

/// Keys that are made one after the other at the same place.
const KEYS: usize = 100;

fn plan(criterion: &mut Criterion) {
    let content = content_of_plan();
    criterion.bench_function("write a plan of 100 steps", |bencher| {
        bencher.iter_batched(
            || content.clone(),
            |content| document(black_box(content)),
            BatchSize::SmallInput,
        );
    });
    let doc = document(content);
    criterion.bench_function("project a plan of 100 steps", |bencher| {
        bencher.iter(|| project::project(&doc.transact()));
    });
    let workspace = project::project(&doc.transact());
    criterion.bench_function("render a plan of 100 steps", |bencher| {
        bencher.iter(|| markdown::render(black_box(&workspace)));
    });
}

fn order_keys(criterion: &mut Criterion) {
    criterion.bench_function("100 order keys, each behind the last", |bencher| {
        bencher.iter(|| {
            let mut last: Option<String> = None;
            for _ in 0..KEYS {
                last = Some(order::between(last.as_deref(), None).expect("there is always room"));
            }
            last
        });
    });
    criterion.bench_function("100 order keys, each before the last", |bencher| {
        bencher.iter(|| {
            let first = order::between(None, None).expect("there is always room");
            let mut next: Option<String> = None;
            for _ in 0..KEYS {
                let key = order::between(Some(&first), next.as_deref());
                next = Some(key.expect("there is always room"));
            }
            next
        });
    });
    criterion.bench_function("100 order keys at once", |bencher| {
        bencher.iter(|| order::n_between(None, None, black_box(KEYS)));
    });
}

fn content_of_plan() -> InitialContent {
    let steps: Vec<_> = (0..STEPS)
        .map(|n| {
            json!({
                "title": format!("Step {n}: gather what is known"),
                "body": "Ask those who did it before, then write down *what* they say.\n".repeat(3),
                "status": if n % 3 == 0 { "done" } else { "ready" },
            })
        })
        .collect();
    let content = json!({
        "title": "A long plan",
        "plan": { "goal": "Know before building.", "steps": steps },
    });
    InitialContent::from_json(content).expect("the content is sound")
}

fn document(content: InitialContent) -> Doc {
    let doc = new_doc(1);
    let mut rng = StdRng::seed_from_u64(1);
    content::write(content, &mut doc.transact_mut(), &mut rng).expect("the content is sound");
    doc
}

criterion_group!(benches, plan, order_keys);
criterion_main!(benches);
