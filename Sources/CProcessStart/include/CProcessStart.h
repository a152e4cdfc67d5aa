#pragma once

// Whether anything is settled before `main`; see start.c. Whoever calls this has it linked, which is all that it takes.
int process_start_is_settled(void);
