//! Plain values as lib0 encodes them, walked without recursion and without allocation.

use smallvec::SmallVec;
use yrs::{Any, any::Number};

use super::{
    limits::Limits,
    reader::Reader,
    refusal::{Refusal, within},
};

/// A plain value as far as the schema cares: arrays and objects stand in no schema place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value<'a> {
    Undefined,
    Null,
    Bool(bool),
    Integer(i64),
    Float(f64),
    String(&'a str),
    Buffer,
    Array,
    Object,
}

impl Value<'_> {
    /// The value in yrs' terms, with the insides of buffers, arrays and objects left out.
    pub(super) fn outline(self) -> Any {
        match self {
            Value::Undefined => Any::Undefined,
            Value::Null => Any::Null,
            Value::Bool(value) => Any::Bool(value),
            Value::Integer(value) => Any::Number(Number::Int(value)),
            Value::Float(value) => Any::Number(Number::Float(value)),
            Value::String(value) => Any::String(value.into()),
            Value::Buffer => Any::Buffer([].into()),
            Value::Array => Any::Array([].into()),
            Value::Object => Any::Map(std::collections::HashMap::new().into()),
        }
    }
}

/// What is still to be read of one array or object.
struct Open {
    left: usize,
    keyed: bool,
}

/// Reads one value with all that it holds.
pub(super) fn read<'a>(reader: &mut Reader<'a>, limits: &Limits) -> Result<Value<'a>, Refusal> {
    let before = reader.remaining();
    let mut open: SmallVec<[Open; 8]> = SmallVec::new();
    let value = read_one(reader, &mut open)?;
    while let Some(top) = open.last_mut() {
        if top.left == 0 {
            open.pop();
            continue;
        }
        top.left -= 1;
        if top.keyed {
            reader.string()?;
        }
        read_one(reader, &mut open)?;
        within("value_depth_max", limits.value_depth_max, open.len())?;
    }
    within(
        "value_bytes_max",
        limits.value_bytes_max,
        before - reader.remaining(),
    )?;
    Ok(value)
}

fn read_one<'a>(
    reader: &mut Reader<'a>,
    open: &mut SmallVec<[Open; 8]>,
) -> Result<Value<'a>, Refusal> {
    Ok(match reader.byte()? {
        127 => Value::Undefined,
        126 => Value::Null,
        125 => Value::Integer(reader.signed_varint()?),
        124 => Value::Float(f64::from(f32::from_be_bytes(reader.array()?))),
        123 => Value::Float(f64::from_be_bytes(reader.array()?)),
        122 => Value::Integer(i64::from_be_bytes(reader.array()?)),
        121 => Value::Bool(false),
        120 => Value::Bool(true),
        119 => Value::String(reader.string()?),
        118 => {
            let left = reader.count(2)?;
            open.push(Open { left, keyed: true });
            Value::Object
        }
        117 => {
            let left = reader.count(1)?;
            open.push(Open { left, keyed: false });
            Value::Array
        }
        116 => {
            reader.buffer()?;
            Value::Buffer
        }
        _ => return Err(reader.malformed("a plain value has an unknown tag")),
    })
}
