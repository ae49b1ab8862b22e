//! What somebody said of themselves, told of them.

/// How much of an action's own words is told, in characters.
const SAYS_CHARS: usize = 300;

/// Words that say "I", and what is said of somebody else instead.
const FIRST_PERSON: [(&str, &str); 10] = [
    ("I have ", "has "),
    ("I've ", "has "),
    ("I am ", "is "),
    ("I'm ", "is "),
    ("I was ", "was "),
    ("I ", ""),
    ("We have ", "has "),
    ("We've ", "has "),
    ("We were ", "was "),
    ("We ", ""),
];

/// Past tenses that do not end in "ed", as far as reports often begin with them.
const IRREGULAR: [&str; 24] = [
    "asked", "began", "bought", "built", "chose", "cut", "did", "drew", "found", "gave", "got",
    "held", "kept", "made", "put", "ran", "read", "said", "sent", "set", "took", "went", "wrote",
    "drove",
];

/// What `name` did, from the action's own words: its first paragraph, without what tools put out.
pub(super) fn told(name: &str, text: &str) -> String {
    let words = crate::digest::excerpt(&first_paragraph(text), SAYS_CHARS);
    for (first, third) in FIRST_PERSON {
        if let Some(rest) = words.strip_prefix(first) {
            return format!("{name} {third}{rest}");
        }
    }
    let verb = words.split(' ').next().unwrap_or_default().to_lowercase();
    let is_past = verb.len() > 3 && verb.ends_with("ed") || IRREGULAR.contains(&verb.as_str());
    if is_past {
        let rest = words.split_once(' ').map_or("", |(_, rest)| rest);
        return format!("{name} {verb} {rest}").trim_end().to_owned();
    }
    format!("{name}: {words}")
}

/// The first paragraph of a Markdown text that is not code.
fn first_paragraph(text: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut is_code = false;
    for line in text.lines() {
        let fence = line.trim_start();
        if fence.starts_with("```") || fence.starts_with("~~~") {
            is_code = !is_code;
            continue;
        }
        if is_code {
            continue;
        }
        match (line.trim(), lines.is_empty()) {
            ("", true) => {}
            ("", false) => break,
            (line, _) => lines.push(line),
        }
    }
    lines.join(" ")
}
