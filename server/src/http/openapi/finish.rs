//! What is the same for every operation, and so is not said by each.

use utoipa::openapi::{
    OpenApi, Ref, RefOr, Response, ResponseBuilder,
    content::{Content, ContentBuilder},
    path::{Operation, PathItem},
};

/// The media type of errors.
const PROBLEM: &str = "application/problem+json";

/// Gives every operation an id of its own, such as `handoffs_accept`, and every error its form.
pub(super) fn finish(api: &mut OpenApi) {
    for operation in api.paths.paths.values_mut().flat_map(operations) {
        let tag = operation.tags.iter().flatten().next();
        if let (Some(tag), Some(name)) = (tag, &operation.operation_id) {
            operation.operation_id = Some(format!("{tag}_{name}"));
        }
        let responses = &mut operation.responses.responses;
        for (status, response) in responses.iter_mut() {
            if let RefOr::T(response) = response
                && status.starts_with(['4', '5'])
            {
                response.content = [(PROBLEM.to_owned(), RefOr::T(problem()))].into();
            }
        }
        responses.insert("default".to_owned(), RefOr::T(any_other()));
    }
}

fn operations(path: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem {
        get,
        put,
        post,
        delete,
        patch,
        ..
    } = path;
    [get, put, post, delete, patch].into_iter().flatten()
}

fn any_other() -> Response {
    ResponseBuilder::new()
        .description("Any other error, such as too many requests (429) or too large a body (413)")
        .content(PROBLEM, problem())
        .build()
}

fn problem() -> Content {
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    ContentBuilder::new().schema(Some(schema)).build()
}
