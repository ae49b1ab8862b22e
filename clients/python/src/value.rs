//! Values between Python and Rust: plain data as JSON, names as text.

use std::{fmt::Display, str::FromStr};

use pyo3::{exceptions::PyValueError, prelude::*, types::PyDict};
use serde::{Serialize, de::DeserializeOwned};

/// Plain data on its way to Python.
pub(crate) struct Json<T>(pub(crate) T);

impl<'py, T: Serialize> IntoPyObject<'py> for Json<T> {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let text = serde_json::to_string(&self.0).map_err(unfit)?;
        py.import("json")?.call_method1("loads", (text,))
    }
}

/// Reads plain data of Python.
///
/// # Errors
/// `ValueError` or `TypeError`, with the field that is not as expected.
pub(crate) fn read<T: DeserializeOwned>(value: &Bound<'_, PyAny>) -> PyResult<T> {
    let options = PyDict::new(value.py());
    options.set_item("allow_nan", false)?;
    let json = value.py().import("json")?;
    let text = json.call_method("dumps", (value,), Some(&options))?;
    let text: String = text.extract()?;
    // Not from the text at once: nobody wants to know in which column of it.
    let value: serde_json::Value = serde_json::from_str(&text).map_err(unfit)?;
    serde_path_to_error::deserialize(value).map_err(unfit)
}

/// The same of keyword arguments.
pub(crate) fn read_keywords<T: DeserializeOwned>(
    py: Python<'_>,
    keywords: Option<&Bound<'_, PyDict>>,
) -> PyResult<T> {
    let keywords = keywords.map_or_else(|| PyDict::new(py), Clone::clone);
    read(keywords.as_any())
}

/// A name that stands in Python as text, such as the path of a place.
pub(crate) struct Name<T>(pub(crate) T);

impl<'py, T: FromStr<Err: Display>> FromPyObject<'_, 'py> for Name<T> {
    type Error = PyErr;

    fn extract(value: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        let text: String = value.extract()?;
        text.parse().map(Self).map_err(unfit)
    }
}

/// One of the words of an enum that Python writes as text.
pub(crate) fn word<T: Copy>(what: &str, given: &str, words: &[(&str, T)]) -> PyResult<T> {
    let found = words.iter().find(|(word, _)| *word == given);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        unfit(format!("{what}: {given:?} is none of {}", words.join(", ")))
    })
}

/// The caller gave what cannot be.
pub(crate) fn unfit(error: impl Display) -> PyErr {
    PyValueError::new_err(error.to_string())
}
