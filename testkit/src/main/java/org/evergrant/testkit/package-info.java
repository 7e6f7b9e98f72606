/** The store contract, fakes that behave and the checks after each test. */
@NullMarked
package org.evergrant.testkit;

import org.jspecify.annotations.NullMarked;
