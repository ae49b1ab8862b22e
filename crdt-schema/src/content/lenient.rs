//! Lists whose elements may be given as plain text instead of an object.

use std::{fmt, marker::PhantomData};

use serde::{Deserialize, Deserializer, de};

use crate::schema::{NewAction, NewConstraint, NewQuestion, NewSource, NewStep, NewTask};

/// An element that a plain text can stand for.
pub(super) trait FromText {
    /// The element that `text` stands for.
    fn from_text(text: String) -> Self;
}

impl FromText for NewStep {
    fn from_text(title: String) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }
}

impl FromText for NewTask {
    fn from_text(title: String) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }
}

impl FromText for NewAction {
    fn from_text(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl FromText for NewConstraint {
    fn from_text(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl FromText for NewQuestion {
    fn from_text(text: String) -> Self {
        Self {
            text,
            ..Self::default()
        }
    }
}

impl FromText for NewSource {
    fn from_text(uri: String) -> Self {
        Self {
            uri,
            ..Self::default()
        }
    }
}

/// Reads a list of objects or texts.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: FromText + Deserialize<'de>,
{
    let elements = Vec::<ObjectOrText<T>>::deserialize(deserializer)?;
    Ok(elements.into_iter().map(|element| element.0).collect())
}

struct ObjectOrText<T>(T);

impl<'de, T: FromText + Deserialize<'de>> Deserialize<'de> for ObjectOrText<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Visitor(PhantomData))
    }
}

struct Visitor<T>(PhantomData<T>);

impl<'de, T: FromText + Deserialize<'de>> de::Visitor<'de> for Visitor<T> {
    type Value = ObjectOrText<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object, or its title or text as a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(ObjectOrText(T::from_text(text.to_owned())))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        T::deserialize(de::value::MapAccessDeserializer::new(map)).map(ObjectOrText)
    }
}
