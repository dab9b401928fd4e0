# The commands of this project by short names; each line is the command itself, so that `just` is never needed.

# What there is
default:
    @just --list

# Start the gateway on a sample database, with nothing to set up
demo:
    cargo run --release -- demo

# Start the test servers, run every test against them, stop them
test *ARGS:
    cargo xtask test -- {{ARGS}}

# Every fault in the long form, then a soak
chaos *ARGS:
    cargo xtask chaos {{ARGS}}

# Formatting, clippy with warnings as errors, licences and bans
lint:
    cargo xtask lint

# What the gateway costs, against each engine alone (--short, --quick)
bench *ARGS:
    cargo xtask bench {{ARGS}}

# Private test servers: up, down, env, status, kill ENGINE, start ENGINE
testbed ACTION *ARGS:
    cargo xtask testbed {{ACTION}} {{ARGS}}

# What continuous integration runs
ci:
    bash .ci/run
