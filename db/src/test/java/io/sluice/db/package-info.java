/** The schema, held against what it promises: it applies to an empty database and refuses what must not be stored. */
@NullMarked
package io.sluice.db;

import org.jspecify.annotations.NullMarked;
