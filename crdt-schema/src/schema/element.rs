//! What the views of all elements have in common.

/// Declares the view of one element of a collection, with its texts.
macro_rules! element_view {
    ($(#[$doc:meta])* $name:ident reads $value:ident { $($(#[$text_doc:meta])* $text:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name {
            id: ElementId,
            path: DocPath,
        }

        impl $name {
            /// The id of the element.
            #[must_use]
            pub fn id(&self) -> &ElementId {
                &self.id
            }

            /// Where the element is.
            #[must_use]
            pub fn path(&self) -> &DocPath {
                &self.path
            }

            /// Whether the element exists.
            pub fn exists<T: ReadTxn>(&self, txn: &T) -> bool {
                find_map(txn, &self.path).is_some()
            }

            /// The element as it stands, or `None` when it does not exist.
            pub fn read<T: ReadTxn>(&self, txn: &T) -> Option<$value> {
                let map = find_map(txn, &self.path)?;
                Some(<Self as Element>::read(self.id.clone(), &map, txn))
            }

            $(
                $(#[$text_doc])*
                #[must_use]
                pub fn $text(&self) -> TextField {
                    TextField::new(self.path.join(stringify!($text)))
                }
            )*
        }
    };
}

pub(super) use element_view;
