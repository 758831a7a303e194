/**
 * YAML files that people write, read strictly: an unknown key or a bad value is refused with the file, the key and the remedy.
 * Entry: {@link io.sluice.agent.document.Documents}. Knows nothing of what the files are about.
 */
@NullMarked
package io.sluice.agent.document;

import org.jspecify.annotations.NullMarked;
