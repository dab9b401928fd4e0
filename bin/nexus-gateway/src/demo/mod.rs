//! What `demo` needs beyond a gateway: a folder that keeps its secrets, and a sample database worth looking at.

mod folder;
mod shop;

pub(crate) use folder::DemoFolder;
pub(crate) use shop::create as create_shop;
