#include "engine/run_merger.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace fingers {

namespace {

bool same_columns(const std::vector<ColumnDeclaration>& a, const std::vector<ColumnDeclaration>& b,
                  ColumnType fixed_type, bool fixed) {
  return std::ranges::equal(
      a, b, [&](const ColumnDeclaration& found, const ColumnDeclaration& declared) {
        return found.name == declared.name && found.type == (fixed ? fixed_type : declared.type);
      });
}

/// Whether a file holds the columns that a schema declares.
bool matches(const RecordSchema& found, const RecordSchema& declared) {
  return found.name == declared.name && found.version == declared.version &&
         same_columns(found.series, declared.series, ColumnType::f4, true) &&
         same_columns(found.outcomes, declared.outcomes, ColumnType::f8, true) &&
         std::ranges::equal(found.tables, declared.tables, [](const auto& a, const auto& b) {
           return a.name == b.name && a.row == b.row &&
                  same_columns(a.columns, b.columns, ColumnType::u1, false);
         });
}

}  // namespace

RunMerger::RunMerger(const std::vector<std::string>& paths, const DatasetDescription& description)
    : description_(description), identities_(description), headers_(paths.size()) {
  for (const std::string& path : paths) {
    readers_.emplace_back(path);
    if (!matches(readers_.back().schema(), description.schema)) {
      throw InputError(fmt::format(
          "'{}' was written by another version: it has other columns than this program", path));
    }
  }
  for (std::size_t i = 0; i < readers_.size(); ++i) {
    advance(i);
  }
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
  current_ = head.reader;
  RunHeader header = headers_[head.reader];
  const std::string& path = readers_[head.reader].path();
  check_run(header, path);
  // The same run may be in a second file, if a batch was resumed after a loss of power; it must be
  // equal.
  while (!heads_.empty() && heads_.top().point == head.point &&
         heads_.top().replicate == head.replicate) {
    const std::size_t twin = heads_.top().reader;
    heads_.pop();
    if (headers_[twin].content_hash != header.content_hash ||
        headers_[twin].identity != header.identity) {
      throw ConflictError(fmt::format(
          "point {}, replicate {} is in '{}' and in '{}', but differs; one of them is from another "
          "program or configuration",
          head.point, head.replicate, path, readers_[twin].path()));
    }
    advance(twin);
  }
  return header;
}

void RunMerger::advance(std::size_t reader) {
  if (auto header = readers_[reader].next()) {
    const RunHeader& last = headers_[reader];
    if (last.status != RunStatus::missing &&
        std::pair(header->point, header->replicate) <= std::pair(last.point, last.replicate)) {
      throw InputError(
          fmt::format("'{}' is damaged: its runs are not in order", readers_[reader].path()));
    }
    headers_[reader] = *header;
    heads_.push({.point = header->point, .replicate = header->replicate, .reader = reader});
  }
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
