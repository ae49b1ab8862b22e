//! One struct of an update.

use yrs::Any;

use crate::gate::{
    RootKind,
    limits::Limits,
    reader::{CLOCK_END, Id, Reader},
    refusal::{Refusal, within},
    value::{self, Value},
};

const HAS_LEFT: u8 = 0x80;
const HAS_RIGHT: u8 = 0x40;
const HAS_KEY: u8 = 0x20;
const FLAGS: u8 = HAS_LEFT | HAS_RIGHT | HAS_KEY;

const GC: u8 = 0;
const SKIP: u8 = 10;

/// A run of consecutive clocks of one client.
#[derive(Debug)]
pub(in crate::gate) struct Block<'a> {
    pub(in crate::gate) clock: u32,
    /// Clocks that the block takes, at least 1.
    pub(in crate::gate) len: u32,
    pub(in crate::gate) body: Body<'a>,
}

#[derive(Debug)]
pub(in crate::gate) enum Body<'a> {
    /// Collected: nothing but its length is known any more.
    Gc,
    Item(Item<'a>),
}

#[derive(Debug)]
pub(in crate::gate) struct Item<'a> {
    /// The element directly before, when this one was made.
    pub(in crate::gate) left: Option<Id>,
    /// The element directly after, when this one was made.
    pub(in crate::gate) right: Option<Id>,
    pub(in crate::gate) parent: Parent<'a>,
    pub(in crate::gate) content: Content<'a>,
}

#[derive(Debug)]
pub(in crate::gate) enum Parent<'a> {
    /// The same container and key as the neighbours'.
    Neighbours,
    Root(&'a str, Option<&'a str>),
    Nested(Id, Option<&'a str>),
}

#[derive(Debug)]
pub(in crate::gate) enum Content<'a> {
    /// Deleted; what it was is not known any more.
    Deleted,
    Binary,
    Text(&'a str),
    Embed,
    Format,
    Container(RootKind),
    /// One or more plain values, of which this is the first.
    Values(Value<'a>),
}

impl Block<'_> {
    /// The clock after the last one of this block.
    pub(in crate::gate) fn end(&self) -> u32 {
        self.clock + self.len
    }
}

/// Reads one block that starts at `clock`, which is below 2^31.
pub(super) fn read<'a>(
    reader: &mut Reader<'a>,
    clock: u32,
    limits: &Limits,
) -> Result<Block<'a>, Refusal> {
    let info = reader.byte()?;
    let kind = info & !FLAGS;
    let (len, body) = match kind {
        SKIP => return Err(reader.malformed("it leaves out structs (skip)")),
        GC if info == GC => (reader.clock()?, Body::Gc),
        _ => {
            let (len, item) = read_item(reader, info, limits)?;
            (len, Body::Item(item))
        }
    };
    if len == 0 {
        return Err(reader.malformed("a struct is empty"));
    }
    debug_assert!(clock < CLOCK_END && len < CLOCK_END, "their sum fits");
    Ok(Block { clock, len, body })
}

fn read_item<'a>(
    reader: &mut Reader<'a>,
    info: u8,
    limits: &Limits,
) -> Result<(u32, Item<'a>), Refusal> {
    let left = (info & HAS_LEFT != 0).then(|| reader.id()).transpose()?;
    let right = (info & HAS_RIGHT != 0).then(|| reader.id()).transpose()?;
    let parent = if left.is_some() || right.is_some() {
        Parent::Neighbours
    } else {
        read_parent(reader, info, limits)?
    };
    let (len, content) = read_content(reader, info & !FLAGS, limits)?;
    let item = Item {
        left,
        right,
        parent,
        content,
    };
    Ok((len, item))
}

fn read_parent<'a>(
    reader: &mut Reader<'a>,
    info: u8,
    limits: &Limits,
) -> Result<Parent<'a>, Refusal> {
    let has_key = info & HAS_KEY != 0;
    match reader.byte()? {
        1 => {
            let name = reader.string()?;
            within(
                "root_name_bytes_max",
                limits.root_name_bytes_max,
                name.len(),
            )?;
            Ok(Parent::Root(name, read_key(reader, has_key, limits)?))
        }
        0 => {
            let id = reader.id()?;
            Ok(Parent::Nested(id, read_key(reader, has_key, limits)?))
        }
        _ => Err(reader.malformed("a struct's parent is neither a root nor a struct")),
    }
}

fn read_key<'a>(
    reader: &mut Reader<'a>,
    has_key: bool,
    limits: &Limits,
) -> Result<Option<&'a str>, Refusal> {
    if !has_key {
        return Ok(None);
    }
    read_name(reader, limits).map(Some)
}

fn read_name<'a>(reader: &mut Reader<'a>, limits: &Limits) -> Result<&'a str, Refusal> {
    let name = reader.string()?;
    within("key_bytes_max", limits.key_bytes_max, name.len())?;
    Ok(name)
}

/// The content with the number of clocks that it takes.
fn read_content<'a>(
    reader: &mut Reader<'a>,
    kind: u8,
    limits: &Limits,
) -> Result<(u32, Content<'a>), Refusal> {
    let unsupported = |what| Err(Refusal::Unsupported { what });
    match kind {
        1 => Ok((reader.clock()?, Content::Deleted)),
        2 => unsupported("content in the legacy JSON encoding"),
        3 => {
            let bytes = reader.buffer()?;
            within("value_bytes_max", limits.value_bytes_max, bytes.len())?;
            Ok((1, Content::Binary))
        }
        4 => {
            let text = reader.string()?;
            within("text_bytes_max", limits.text_bytes_max, text.len())?;
            Ok((utf16_len(text), Content::Text(text)))
        }
        5 => {
            read_json(reader, limits)?;
            Ok((1, Content::Embed))
        }
        6 => {
            read_name(reader, limits)?;
            read_json(reader, limits)?;
            Ok((1, Content::Format))
        }
        7 => match reader.byte()? {
            0 => Ok((1, Content::Container(RootKind::Array))),
            1 => Ok((1, Content::Container(RootKind::Map))),
            2 => Ok((1, Content::Container(RootKind::Text))),
            3..=6 => unsupported("shared XML"),
            7 => unsupported("a weak link"),
            9 => unsupported("a subdocument"),
            _ => unsupported("an unknown shared type"),
        },
        8 => {
            let count = reader.count(1)?;
            let mut first = None;
            for _ in 0..count {
                let value = value::read(reader, limits)?;
                first.get_or_insert(value);
            }
            let Some(first) = first else {
                return Err(reader.malformed("a struct is empty"));
            };
            let len = u32::try_from(count).map_err(|_| reader.malformed("a count is too large"))?;
            Ok((len, Content::Values(first)))
        }
        9 => unsupported("a subdocument"),
        _ => Err(reader.malformed("a struct has an unknown kind of content")),
    }
}

/// Checks JSON with the parser that will read it again, so that the two cannot disagree.
fn read_json(reader: &mut Reader<'_>, limits: &Limits) -> Result<(), Refusal> {
    let json = reader.string()?;
    within("value_bytes_max", limits.value_bytes_max, json.len())?;
    Any::from_json(json)
        .map(drop)
        .map_err(|_| reader.malformed("formatting or embedded content is not valid JSON"))
}

fn utf16_len(text: &str) -> u32 {
    let len = if text.is_ascii() {
        text.len()
    } else {
        text.encode_utf16().count()
    };
    u32::try_from(len).expect("a run of text is bounded far below 2^32 bytes")
}
