/** The evergrant command. */
@NullMarked
package org.evergrant.cli;

import org.jspecify.annotations.NullMarked;
