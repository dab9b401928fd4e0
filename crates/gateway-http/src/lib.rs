//! See the workspace documentation.
