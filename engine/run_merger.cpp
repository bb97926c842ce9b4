#include "engine/run_merger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fingers {

namespace {

/// Series and outcomes have one type each, which their readers check.
bool same_names(const std::vector<ColumnDeclaration>& a, const std::vector<ColumnDeclaration>& b) {
  return std::ranges::equal(a, b, {}, &ColumnDeclaration::name, &ColumnDeclaration::name);
}

bool same_types(const std::vector<ColumnDeclaration>& a, const std::vector<ColumnDeclaration>& b) {
  return std::ranges::equal(a, b, {}, &ColumnDeclaration::type, &ColumnDeclaration::type);
}

/// Whether a file holds the columns that a schema declares.
bool matches(const RecordSchema& found, const RecordSchema& declared) {
  return found.name == declared.name && found.version == declared.version &&
         same_names(found.series, declared.series) &&
         same_names(found.outcomes, declared.outcomes) &&
         std::ranges::equal(found.tables, declared.tables, [](const auto& a, const auto& b) {
           return a.name == b.name && a.row == b.row && same_names(a.columns, b.columns) &&
                  same_types(a.columns, b.columns);
         });
}

}  // namespace

RunMerger::RunMerger(const std::vector<RunSource>& sources, const DatasetDescription& description)
    : description_(description), identities_(description), sources_(sources) {
  for (const RunSource& source : sources_) {
    readers_.emplace_back(source.path);
    if (!matches(readers_.back().schema(), description.schema)) {
      throw InputError(
          fmt::format("'{}' was written by another version: it has other columns than this program",
                      source.path));
    }
  }
  rewind();
}

void RunMerger::rewind() {
  heads_ = {};
  current_.reset();
  headers_.assign(readers_.size(), {});
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    readers_[i].rewind();
    advance(i);
  }
}

/// Whether the twin of a run is the one to keep.
bool RunMerger::goes_before(std::size_t twin, std::size_t found) const {
  const RunHeader& a = headers_[twin];
  const RunHeader& b = headers_[found];
  if (a.status == RunStatus::done && b.status == RunStatus::done &&
      (a.content_hash != b.content_hash || a.identity != b.identity)) {
    throw ConflictError(fmt::format(
        "point {}, replicate {} is in '{}' and in '{}', but differs; one of them is from another "
        "program or configuration",
        a.point, a.replicate, readers_[found].path(), readers_[twin].path()));
  }
  return b.status == RunStatus::failed && (a.status == RunStatus::done || twin > found);
}

std::optional<RunHeader> RunMerger::next() {
  if (current_) {
    advance(*current_);
    current_.reset();
  }
  if (heads_.empty()) {
    return std::nullopt;
  }
  const Head head = heads_.top();
  heads_.pop();
  std::size_t found = head.reader;
  check_run(headers_[found], readers_[found].path());
  while (!heads_.empty() && heads_.top().point == head.point &&
         heads_.top().replicate == head.replicate) {
    const std::size_t twin = heads_.top().reader;
    heads_.pop();
    const bool replaces = goes_before(twin, found);
    advance(replaces ? found : twin);
    found = replaces ? twin : found;
  }
  current_ = found;
  return headers_[found];
}

RunRecord RunMerger::record() {
  const std::size_t reader = current_.value();
  RunRecord record = readers_.at(reader).record();
  record.point = headers_[reader].point;
  return record;
}

bool RunMerger::take(std::size_t reader, RunHeader& header) const {
  if (header.status == RunStatus::missing) {
    return false;
  }
  const std::vector<std::uint32_t>& points = sources_[reader].points;
  if (points.empty()) {
    return true;
  }
  if (header.point >= points.size() || points[header.point] == kNone) {
    return false;
  }
  header.point = points[header.point];
  return true;
}

void RunMerger::advance(std::size_t reader) {
  auto header = readers_[reader].next();
  while (header && !take(reader, *header)) {
    header = readers_[reader].next();
  }
  if (!header) {
    return;
  }
  const RunHeader& last = headers_[reader];
  if (last.status != RunStatus::missing &&
      std::pair(header->point, header->replicate) <= std::pair(last.point, last.replicate)) {
    throw InputError(
        fmt::format("'{}' is damaged: its runs are not in order", readers_[reader].path()));
  }
  headers_[reader] = *header;
  heads_.push({.point = header->point, .replicate = header->replicate, .reader = reader});
}

void RunMerger::check_run(const RunHeader& header, const std::string& path) const {
  const Design& design = description_.design;
  if (header.point >= design.points.size() || header.replicate >= design.replicates) {
    throw InputError(
        fmt::format("'{}' holds point {}, replicate {}, which this design does not have", path,
                    header.point, header.replicate));
  }
  if (header.identity != identities_.of(header.point, header.replicate)) {
    throw ConflictError(fmt::format(
        "'{}' holds point {}, replicate {} of another configuration: seeds, parameters or results "
        "version differ",
        path, header.point, header.replicate));
  }
}

}  // namespace fingers
