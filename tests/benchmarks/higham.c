/* Higham & Higham's classifier trained as ann_dashboard trains it: 2-2-3-2, sigmoid everywhere, one random point an update, half squared error.

   Standard input: the state and the increment of NumPy's PCG64 generator as two 64-bit halves each, eta, updates, updates between two costs,
   and the 23 parameters at the start, in the order of Network.parameters. Printed: seconds of the training, then one cost a line.
   Source: Higham & Higham 2019, netbp.m, with its cost divided by 2 N. */

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>

enum { LAYERS = 4, POINTS = 10, PARAMETERS = 23, WEIGHTS = 16, WIDEST = 3 };

static const int widths[LAYERS] = {2, 2, 3, 2};
static const double x[POINTS][2] = {{.1, .1}, {.3, .4}, {.1, .5}, {.6, .9}, {.4, .2}, {.6, .3}, {.5, .6}, {.9, .2}, {.4, .4}, {.7, .6}};

static double parameters[PARAMETERS];
static double signals[LAYERS][WIDEST];
static unsigned __int128 state, increment;

/* NumPy's Generator.random(): PCG64 (XSL-RR), 53 bits. */
static double draw(void) {
    const unsigned __int128 multiplier = ((unsigned __int128)2549297995355413924ULL << 64) | 4865540595714422341ULL;
    state = state * multiplier + increment;
    const uint64_t mixed = (uint64_t)(state >> 64) ^ (uint64_t)state;
    const unsigned turn = (unsigned)(state >> 122);
    return (double)(((mixed >> turn) | (mixed << (-turn & 63))) >> 11) * (1.0 / 9007199254740992.0);
}

static double sigmoid(double total) {
    if (total >= 0.0) return 1.0 / (1.0 + exp(-total));
    const double power = exp(total);
    return power / (1.0 + power);
}

static double truth(int point, int output) { return (point < POINTS / 2) == (output == 0) ? 1.0 : 0.0; }

static void forward(int point) {
    int weight = 0, bias = WEIGHTS;
    for (int i = 0; i < widths[0]; i++) signals[0][i] = x[point][i];
    for (int layer = 1; layer < LAYERS; layer++)
        for (int j = 0; j < widths[layer]; j++) {
            double total = 0.0;
            for (int i = 0; i < widths[layer - 1]; i++) total += parameters[weight++] * signals[layer - 1][i];
            signals[layer][j] = sigmoid(total + parameters[bias++]);
        }
}

/* All derivatives are taken at the old weights: a weight moves after it has sent its derivative back. */
static void update(int point, double eta) {
    double derivatives[LAYERS][WIDEST];
    int weight = WEIGHTS, bias = PARAMETERS;
    forward(point);
    for (int k = 0; k < widths[LAYERS - 1]; k++) derivatives[LAYERS - 1][k] = signals[LAYERS - 1][k] - truth(point, k);
    for (int layer = LAYERS - 1; layer > 0; layer--) {
        for (int i = 0; i < widths[layer - 1]; i++) derivatives[layer - 1][i] = 0.0;
        for (int j = widths[layer] - 1; j >= 0; j--) {
            const double out = signals[layer][j];
            const double derivative = (1.0 - out) * out * derivatives[layer][j];
            parameters[--bias] -= eta * derivative;
            for (int i = widths[layer - 1] - 1; i >= 0; i--) {
                derivatives[layer - 1][i] += parameters[--weight] * derivative;
                parameters[weight] -= eta * (signals[layer - 1][i] * derivative);
            }
        }
    }
}

static double cost(void) {
    double total = 0.0;
    for (int point = 0; point < POINTS; point++) {
        forward(point);
        for (int k = 0; k < widths[LAYERS - 1]; k++) {
            const double error = signals[LAYERS - 1][k] - truth(point, k);
            total += 0.5 * error * error;
        }
    }
    return total / POINTS;
}

int main(void) {
    static double costs[1000000];
    uint64_t halves[4];
    double eta;
    int updates, between, count = 0;
    struct timespec began, ended;

    for (int i = 0; i < 4; i++)
        if (scanf("%" SCNu64, &halves[i]) != 1) return 1;
    if (scanf("%lf %d %d", &eta, &updates, &between) != 3) return 1;
    for (int i = 0; i < PARAMETERS; i++)
        if (scanf("%lf", &parameters[i]) != 1) return 1;
    state = ((unsigned __int128)halves[0] << 64) | halves[1];
    increment = ((unsigned __int128)halves[2] << 64) | halves[3];

    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int done = 0; done < updates; done++) {
        if (done % between == 0) costs[count++] = cost();
        update((int)(draw() * POINTS), eta);
    }
    costs[count++] = cost();
    clock_gettime(CLOCK_MONOTONIC, &ended);

    printf("%.9f\n", (double)(ended.tv_sec - began.tv_sec) + 1e-9 * (double)(ended.tv_nsec - began.tv_nsec));
    for (int i = 0; i < count; i++) printf("%.17g\n", costs[i]);
    return 0;
}
