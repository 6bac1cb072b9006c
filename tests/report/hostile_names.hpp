#pragma once

#include <string>
#include <vector>

namespace claptools {

/// Names that a user's file may hold.
inline std::vector<std::string> hostile_names() {
  return {"<script>alert(1)</script>",
          "\"><svg onload='x'>&amp;&",
          "",
          "tab\tline\nbell\x07 escape\x1b[31m",
          std::string("zero\0byte", 9),
          std::string(200, 'w'),
          "\xff\xfe not UTF-8 \xc3",
          "\xef\xbf\xbf noncharacter \xe2\x80\xae turned",
          "]]></style>{}",
          "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e"};
}

}  // namespace claptools
