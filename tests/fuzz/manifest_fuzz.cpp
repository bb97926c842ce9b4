// Manifests of a parts folder from anybody: segments, or a refusal in words.
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "engine/parts.hpp"
#include "engine/store.hpp"
#include "tests/fuzz/fuzz_input.hpp"

namespace {

namespace fs = std::filesystem;

/// A parts folder with a segment that manifests may name, and a manifest to be overwritten.
const fs::path& folder() {
  static const fs::path made = [] {
    const fs::path path =
        fs::temp_directory_path() / ("fuzz-manifest-" + std::to_string(::getpid()));
    fs::create_directories(path);
    std::ofstream(path / "part-000-00000.h5") << "a segment";
    return path;
  }();
  return made;
}

void read_all(const fs::path& manifest) {
  using namespace fingers;
  batch_of_manifest(manifest);
  try {
    for (const SegmentEntry& entry : list_segments(folder())) {
      fuzz::demand(entry.n_runs() <= std::uint64_t{1} << 32U);
      fuzz::demand(fs::exists(entry.path) && entry.path.parent_path() == folder());
      fuzz::demand(read_spans(spans_text(entry.runs)) == entry.runs);
    }
    list_segments(folder(), 0);
    first_free_number(folder(), 0);
  } catch (const InputError& error) {
    fuzz::demand(std::string(error.what()).find(manifest.string()) != std::string::npos);
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fingers;
  const std::string text = fuzz::text_of({data, size});
  if (const auto spans = read_spans(text); spans) {
    fuzz::demand(read_spans(spans_text(*spans)) == spans);
  }
  const fs::path manifest = manifest_path(folder(), 0);
  std::ofstream(manifest, std::ios::binary) << text;
  read_all(manifest);
  return 0;
}
