//! Named bounds on updates and documents.

/// How large an update and a document may be. Counts are plain numbers, sizes are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one update.
    pub update_bytes_max: usize,
    /// Structs (inserted blocks) of one update.
    pub update_structs_max: usize,
    /// Structs of one update that go into one place. Integrating a struct may take yrs a step for
    /// every element that stands there, so this bounds the work that one update can make.
    pub update_structs_per_place_max: usize,
    /// Client ids that insert something in one update.
    pub update_clients_max: usize,
    /// Deleted ranges in one update.
    pub update_deletes_max: usize,
    /// Levels of arrays and objects within one plain value.
    pub value_depth_max: usize,
    /// Bytes of one run of text.
    pub text_bytes_max: usize,
    /// Bytes of one plain value.
    pub value_bytes_max: usize,
    /// Bytes of one map key or formatting name.
    pub key_bytes_max: usize,
    /// Bytes of a root's name.
    pub root_name_bytes_max: usize,
    /// Levels of shared containers, the root included.
    pub container_depth_max: usize,
    /// Shared containers that one document ever held.
    pub document_containers_max: usize,
    /// Distinct places (a container, or a key in one) that one document ever held.
    pub document_places_max: usize,
    /// Client ids that ever inserted something into one document.
    pub document_clients_max: usize,
    /// Roots outside the schema (`x-…`) of one document.
    pub document_free_roots_max: usize,
}

impl Limits {
    /// Limits for a whole document that the server itself stored: only what protects the
    /// process is still bounded.
    #[must_use]
    pub const fn stored() -> Self {
        Self {
            update_bytes_max: 1 << 30,
            update_structs_max: 1 << 26,
            update_structs_per_place_max: 1 << 26,
            update_clients_max: 1 << 24,
            update_deletes_max: 1 << 26,
            text_bytes_max: 1 << 30,
            value_bytes_max: 1 << 30,
            ..Self::new()
        }
    }

    const fn new() -> Self {
        Self {
            update_bytes_max: 4 << 20,
            update_structs_max: 32_768,
            update_structs_per_place_max: 8192,
            update_clients_max: 1024,
            update_deletes_max: 262_144,
            value_depth_max: 64,
            text_bytes_max: 2 << 20,
            value_bytes_max: 256 << 10,
            key_bytes_max: 256,
            root_name_bytes_max: 64,
            container_depth_max: 16,
            document_containers_max: 262_144,
            document_places_max: 1 << 20,
            document_clients_max: 1 << 20,
            document_free_roots_max: 64,
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::new()
    }
}
