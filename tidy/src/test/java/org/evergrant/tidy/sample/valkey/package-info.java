/** Classes that break the rules on purpose; the tests expect every one of them to be reported. */
@NullMarked
package org.evergrant.tidy.sample.valkey;

import org.jspecify.annotations.NullMarked;
