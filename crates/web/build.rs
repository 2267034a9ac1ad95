//! Builds the pages, or takes them as they are, and lists them for the crate. In this order:
//!
//! 1. `CORDBOARD_WEB_DIST=DIR`: pages that somebody has built (`npm run build`) are embedded; no node, no network.
//! 2. `node` and `npm` are there: `npm ci --ignore-scripts` and the bundler, both within `OUT_DIR`. Nothing is written
//!    into the source tree, and cargo keeps builds that share an `OUT_DIR` apart.
//! 3. Neither: one page that says what to do. `CORDBOARD_WEB_REQUIRED=1` makes that an error.
//!
//! `CARGO_NET_OFFLINE=true` keeps npm to its cache. It leans on the standard library alone.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

type Fallible<T> = Result<T, Box<dyn Error>>;

/// What the pages are made of; a change of any of it builds them anew.
const SOURCES: [&str; 5] =
    ["pages", "scripts/build.mjs", "package.json", "package-lock.json", "tsconfig.json"];
const SETTINGS: [&str; 4] = ["CORDBOARD_WEB_DIST", "CORDBOARD_WEB_REQUIRED", "CARGO_NET_OFFLINE", "PATH"];

fn main() -> Fallible<()> {
    for source in SOURCES {
        println!("cargo:rerun-if-changed={source}");
    }
    println!("cargo:rerun-if-changed=build.rs");
    for setting in SETTINGS {
        println!("cargo:rerun-if-env-changed={setting}");
    }
    let house = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(env::var("OUT_DIR")?);
    let pages = match env::var_os("CORDBOARD_WEB_DIST").filter(|dir| !dir.is_empty()) {
        Some(dir) => {
            let dir =
                fs::canonicalize(&dir).map_err(|fault| format!("CORDBOARD_WEB_DIST: {dir:?}: {fault}"))?;
            println!("cargo:rerun-if-changed={}", dir.display());
            Some(dir)
        }
        None => match build(&house, &out) {
            Ok(dir) => Some(dir),
            Err(why) if env::var("CORDBOARD_WEB_REQUIRED").is_ok_and(|required| required == "1") => {
                return Err(format!("the pages could not be built: {why}").into());
            }
            Err(why) => {
                for line in why.to_string().lines() {
                    println!("cargo:warning=without pages: {line}");
                }
                None
            }
        },
    };
    list(pages.as_deref(), &out)
}

fn build(house: &Path, out: &Path) -> Fallible<PathBuf> {
    for program in ["node", "npm"] {
        if Command::new(program).arg("--version").output().is_err() {
            return Err(format!("{program} is not there; see crates/web/README.md").into());
        }
    }
    let tools = out.join("npm");
    fs::create_dir_all(&tools)?;
    install(house, &tools)?;
    let dist = out.join("dist");
    let mut bundler = Command::new("node");
    bundler.arg(house.join("scripts/build.mjs")).arg("--out").arg(&dist);
    bundler.arg("--modules").arg(tools.join("node_modules"));
    run(bundler)?;
    Ok(dist)
}

/// Once for each lock file.
fn install(house: &Path, tools: &Path) -> Fallible<()> {
    let lock = fs::read(house.join("package-lock.json"))?;
    let done = tools.join("installed.lock");
    if fs::read(&done).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    fs::copy(house.join("package.json"), tools.join("package.json"))?;
    fs::write(tools.join("package-lock.json"), &lock)?;
    let mut npm = Command::new("npm");
    npm.current_dir(tools);
    npm.args(["ci", "--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--prefer-offline"]);
    if env::var("CARGO_NET_OFFLINE").is_ok_and(|offline| offline == "true" || offline == "1") {
        npm.arg("--offline");
    }
    run(npm)?;
    fs::write(done, lock)?;
    Ok(())
}

fn run(mut command: Command) -> Fallible<()> {
    let told = command.output()?;
    if told.status.success() {
        return Ok(());
    }
    let (said, cried) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    Err(format!("{} failed: {}\n{said}{cried}", command.get_program().to_string_lossy(), told.status).into())
}

/// Writes the table of files: name, bytes, and what of it goes over the wire.
fn list(dist: Option<&Path>, out: &Path) -> Fallible<()> {
    let mut table = String::new();
    let mut names = Vec::new();
    if let Some(dist) = dist {
        for folder in ["", "assets"] {
            let inside = fs::read_dir(dist.join(folder));
            for entry in inside.map_err(|fault| format!("{}: {fault}", dist.join(folder).display()))? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                let kept = !name.ends_with(".br") && !name.ends_with(".gz") && !name.ends_with(".json");
                if name.contains('.') && kept {
                    names.push(if folder.is_empty() { name } else { format!("{folder}/{name}") });
                }
            }
        }
        names.sort();
        if !names.iter().any(|name| name == "agent.html") {
            return Err(format!(
                "{}: agent.html is not there; is this a folder of built pages?",
                dist.display()
            )
            .into());
        }
        for name in names {
            let bytes = |end: &str| {
                let path = dist.join(format!("{name}{end}"));
                if path.is_file() { format!("include_bytes!({path:?})") } else { "&[]".to_owned() }
            };
            let (plain, br, gz) = (bytes(""), bytes(".br"), bytes(".gz"));
            writeln!(table, "    File {{ name: {name:?}, plain: {plain}, br: {br}, gz: {gz} }},")?;
        }
    }
    let built = dist.is_some();
    fs::write(
        out.join("files.rs"),
        format!(
            "/// Whether the pages are here.\npub const BUILT: bool = {built};\n\nconst FILES: &[File] = &[\n{table}];\n"
        ),
    )?;
    Ok(())
}
