/** A provider to test against: real rules, real errors, faults on demand. */
@NullMarked
package org.evergrant.emulator;

import org.jspecify.annotations.NullMarked;
